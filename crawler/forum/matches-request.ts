/** Whether a document is the one that was requested. */
import type { BoardDocument, BoardsDocument, ForumDocument, Refusal, ThreadDocument } from "../read/xml.ts";
import { UnexpectedDocumentError } from "./errors.ts";

/** Returned instead of a document when the forum reports that it is offline. */
export const offline = Symbol("offline");

export const rootOf = (document: ForumDocument) => (document.kind === "refusal" ? document.root : document.kind);

const isRefusal = (document: ForumDocument, ...roots: string[]): document is Refusal =>
  document.kind === "refusal" && roots.includes(document.root);

/** @throws UnexpectedDocumentError */
export function matchBoards(document: ForumDocument): BoardsDocument {
  if (document.kind !== "categories") throw new UnexpectedDocumentError(`the answer is <${rootOf(document)}>`);
  return document;
}

/** @throws UnexpectedDocumentError */
export function matchBoard(document: ForumDocument, bid: number, page: number): BoardDocument | Refusal {
  if (isRefusal(document, "no-access", "invalid-board")) return document;
  if (document.kind !== "board") throw new UnexpectedDocumentError(`page ${page}: the answer is <${rootOf(document)}>`);
  if (document.bid !== bid)
    throw new UnexpectedDocumentError(`page ${page}: the answer is about board ${document.bid}`);
  if (document.page !== null && document.page !== page)
    throw new UnexpectedDocumentError(`page ${page} was answered with page ${document.page}`);
  return document;
}

/** @param page null accepts any page @throws UnexpectedDocumentError */
export function matchThread(document: ForumDocument, tid: number, page: number | null): ThreadDocument | Refusal {
  if (isRefusal(document, "no-access", "invalid-thread", "thread-hidden")) return document;
  if (document.kind !== "thread") throw new UnexpectedDocumentError(`the answer is <${rootOf(document)}>`);
  if (document.thread.tid !== tid)
    throw new UnexpectedDocumentError(`the answer is about thread ${document.thread.tid}`);
  if (page !== null && document.page !== null && document.page !== page)
    throw new UnexpectedDocumentError(`page ${page} was answered with page ${document.page}`);
  return document;
}
