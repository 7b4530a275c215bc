// Has Microsoft's renderer read an Adaptive Card, as a host of version 1.5 (Teams).
import adaptiveCards from "adaptivecards/dist/adaptivecards.min.js";

const { AdaptiveCard, GlobalRegistry, SerializationContext, Version } = adaptiveCards;
const HOST = new Version(1, 5);

/** What holds other elements is not among the properties that the renderer lists, nor is what Teams alone reads. */
const HOLDERS = {
  AdaptiveCard: ["$schema", "body", "actions", "msteams"],
  ActionSet: ["actions"],
  Column: ["items"],
  ColumnSet: ["columns"],
  Container: ["items"],
  ImageSet: ["images"],
  RichTextBlock: ["inlines"],
  Table: ["rows"],
  TableCell: ["items"],
  TableRow: ["cells"],
};
const FREE = new Set(["data", "msteams"]); // whatever the bot puts there

function propertiesOf(type) {
  const registered = GlobalRegistry.elements.findByName(type) ?? GlobalRegistry.actions.findByName(type);
  const kind = type === "AdaptiveCard" ? AdaptiveCard : registered?.objectType;
  if (!kind) return undefined;
  const schema = new kind().getSchema();
  const properties = Array.from({ length: schema.getCount() }, (_, place) => schema.getItemAt(place));
  const names = properties.filter(({ targetVersion }) => HOST.compareTo(targetVersion) >= 0).map(({ name }) => name);
  return new Set(["type", ...names, ...(HOLDERS[type] ?? [])]);
}

/** The properties that the renderer passes over in silence, in whatever has a type that it knows. */
function* unknownProperties(value, path) {
  if (value === null || typeof value !== "object") return;
  const known = Array.isArray(value) ? undefined : propertiesOf(value.type);
  for (const [name, inner] of Object.entries(value)) {
    const where = Array.isArray(value) ? `${path}[${name}]` : `${path}.${name}`;
    const message = `${value.type} has no property ${name} in version ${HOST}`;
    if (known && !known.has(name)) yield { kind: "unknown", path: where, message };
    if (!FREE.has(name)) yield* unknownProperties(inner, where);
  }
}

/** What the renderer says of a card when it reads and when it validates it. */
export function cardProblems(content, path) {
  if (content?.type !== "AdaptiveCard") return [{ kind: "error", path, message: "the type of a card is AdaptiveCard" }];
  const context = new SerializationContext(HOST);
  const version = Version.parse(content.version ?? "", context);
  if (!version?.isValid || HOST.compareTo(version) < 0) {
    const message = `Teams shows cards up to version ${HOST}, and not of version ${content.version}`;
    return [{ kind: "error", path: `${path}.version`, message }];
  }
  const card = new AdaptiveCard();
  card.parse(content, context);
  const read = Array.from({ length: context.eventCount }, (_, place) => context.getEventAt(place));
  const problems = [...read, ...card.validateProperties().validationEvents].map(({ source, message }) => {
    const type = source?.getJsonTypeName?.();
    return { kind: "error", path, message: type ? `${type}: ${message}` : message };
  });
  return [...problems, ...unknownProperties(content, path)];
}
