// @ts-check
/** Everything that the panel itself says. What it suggests comes from the server. */

const NO_BREAK = "\u00a0";

export const texts = {
  title: "Aiguilleur",
  subtitle: "Suggestions pour l’agent",
  waiting: "En attente d’un message du client.",
  reading: "Lecture de la conversation…",
  updating: "Mise à jour…",
  older: "Suggestions précédentes",
  nothing: "Aucune suggestion pour ce message.",
  suggestions: "Suggestions",
  standing: "Toujours valable",
  conclusion: "Conclusion\u00a0:",
  missing: (/** @type {string[]} */ titles) => `Il manque encore\u00a0: ${titles.join(", ")}.`,
  count: (/** @type {string[]} */ titles) =>
    `${titles.length} ${titles.length > 1 ? "suggestions" : "suggestion"}\u00a0: ${titles.join("\u00a0; ")}.`,

  insert: "Insérer",
  copy: "Copier",
  edit: "Modifier",
  cancel: "Annuler",
  dismiss: "Écarter",
  undo: "Rétablir",
  good: "Bonne suggestion",
  bad: "Mauvaise suggestion",
  why: "Pourquoi\u00a0? (facultatif)",
  sendWhy: "Envoyer l’avis",
  thanks: "Merci, c’est noté.",
  draft: "Réponse à envoyer",
  edited: "Modifié par vous",
  moved: "La conversation a avancé\u00a0: relisez avant d’insérer.",
  inserted: "Inséré",
  copied: "Copié",
  copiedToPaste: "Copié\u00a0: collez-le dans votre réponse.",
  notCopied: "Votre navigateur n’a pas permis de copier\u00a0: le texte est sélectionné, copiez-le au clavier.",
  cancelled: "Modification annulée",
  dismissed: (/** @type {string} */ title) => `Écartée\u00a0: ${title}`,
  quickReplies: "Réponses possibles\u00a0:",
  source: (/** @type {string} */ title) => `Source\u00a0: ${title}`,
  version: (/** @type {string} */ version) => `Page d’aide, version ${version}`,
  basedOn: "D’après",
  clicked: (/** @type {string} */ title) => `le choix «\u00a0${title}\u00a0»`,
  clickedSomething: "une réponse rapide",
  quote: (/** @type {string} */ text) => `«\u00a0${text}\u00a0»`,
  newWindow: "(nouvelle fenêtre)",
  /** Rounded down: what is nearly certain is not certain. */
  confidence: (/** @type {string} */ word, /** @type {number} */ share) => `${word} (${Math.floor(share * 100 + 1e-9)}${NO_BREAK}%)`,

  key: "Clé d’accès",
  keyWanted: "Une clé d’accès est demandée dans le panneau.",
  keyHint: "Elle vous est donnée par l’administrateur du serveur.",
  enter: "Ouvrir",
  keyRefused: "Cette clé n’est pas acceptée.",
  keyForbidden: "Cette clé ne donne pas accès aux suggestions.",
  keyEmpty: "Saisissez la clé.",

  offline: "Pas de connexion au serveur. Nouvel essai automatique.",
  unavailable: "Le serveur ne répond pas pour le moment. Nouvel essai automatique.",
  down: "Le serveur ne répond pas. Réessayez dans quelques minutes.",
  again: "Réessayer",
  tooMany: "Trop de demandes à la fois. Nouvel essai automatique.",
  refused: (/** @type {string} */ reason) => `La conversation n’a pas pu être lue\u00a0: ${reason}`,
  unreadable: "réponse illisible.",
  back: "Connexion rétablie.",

  shortcuts: "Raccourcis clavier",
  shortcutsOn: "Raccourcis activés",
  shortcutsHint: "En plus de Tab, Entrée et Échap, quand la page ou le panneau a le focus\u00a0:",
  close: "Fermer",
};

/** @type {Record<string, string>} */
export const kinds = { answer: "Réponse", next_question: "Question à poser", hand_over: "Passer la main" };

/** @type {Record<string, string>} */
export const levels = { HIGH: "Confiance élevée", MEDIUM: "Confiance moyenne", LOW: "Confiance faible" };

/** @type {Record<string, string>} Why nothing is suggested for the last message. */
export const abstentions = {
  not_understood: "Je n’ai pas compris le dernier message\u00a0: je préfère ne rien proposer.",
  out_of_scope: "Le dernier message porte sur autre chose\u00a0: la page d’aide n’en parle pas.",
  unreadable: "Le dernier message n’a pas de texte que je puisse lire.",
  answered: "Vous avez déjà donné cette réponse\u00a0: rien à ajouter pour le moment.",
};

/** @type {Record<string, string>} What stands about the customer, said to the agent. */
export const conclusions = {
  billing_admin: "c’est l’administrateur de facturation.",
  standard_or_corporate: "compte standard, ou géré dans le portail Corporate.",
  not_billing_admin_contact_named: "n’est pas l’administrateur de facturation, dont le nom est dans le message.",
  corporate_maybe: "l’est peut-être\u00a0; compte géré dans le portail Corporate.",
  not_billing_admin: "n’est pas l’administrateur de facturation.",
  corporate_inconclusive: "client connecté au portail Corporate\u00a0: la page d’aide n’en dit pas plus.",
  ask_account_admin: "à voir avec l’administrateur du compte.",
};
export const noConclusion = "rien n’est encore établi.";

/** @type {[string, string][]} Keys, and what they do. */
export const shortcutList = [
  ["Alt + 1, 2, 3", "Insérer la suggestion 1, 2 ou 3 (la copier, si votre outil ne permet pas d’insérer)"],
  ["Alt + C", "Copier la suggestion (celle qui a le focus, ou la première)"],
  ["Alt + M", "Modifier la suggestion (celle qui a le focus, ou la première)"],
  ["Alt + 0", "Aller au panneau"],
  ["Échap", "Annuler une modification"],
];
