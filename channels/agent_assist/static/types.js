// @ts-check
/**
 * What the panel, the server and the desks say to each other. Types only; the names are those of openapi.yaml.
 *
 * @typedef {"customer" | "agent" | "bot"} Author
 * @typedef {{id?: string, author: Author, text: string, at?: string}} Message
 * @typedef {{conversation: {id?: string, channel?: string}, messages: Message[]}} Transcript
 *
 * @typedef {"answer" | "next_question" | "hand_over"} Kind
 * @typedef {"HIGH" | "MEDIUM" | "LOW"} Level
 * @typedef {{id: string, title: string}} Missing
 * @typedef {{
 *   id: string, kind: Kind, title: string, confidence: number, confidence_level: Level, reply_draft: string,
 *   links: {title: string, url: string}[], source: {title: string, sentences: string[], version: string},
 *   missing: Missing[], quick_replies: {title: string, payload: string}[], based_on: number[],
 * }} Suggestion
 * @typedef {{
 *   request_id: string, suggestions: Suggestion[], abstained: string | false, conclusion: string | null, missing: Missing[],
 * }} Answer
 *
 * @typedef {"displayed" | "inserted" | "edited" | "sent" | "dismissed" | "thumbs_up" | "thumbs_down"} Event
 * @typedef {{final_text?: string, reason?: string}} Details
 *
 * What a desk can do, and tells.
 * @typedef {{canInsert: boolean, insert: (suggestionId: string, text: string) => void}} Host
 * @typedef {{
 *   onTranscript: (transcript: Transcript) => void,
 *   onSent: (suggestionId: string, text: string) => void,
 *   onHost: () => void,
 * }} HostListener
 */
export {};
