/** Whether a document is the one that was requested. */
import type { BoardDocument, BoardsDocument, ForumDocument, Refusal, ThreadDocument } from "../read/xml.ts";
import { Unexpected } from "./errors.ts";

/** Instead of a document: the forum says that it is offline. */
export const offline = Symbol("offline");

export const rootOf = (document: ForumDocument) => (document.kind === "refusal" ? document.root : document.kind);

const isRefusal = (document: ForumDocument, ...roots: string[]): document is Refusal =>
  document.kind === "refusal" && roots.includes(document.root);

/** @throws Unexpected */
export function expectBoards(document: ForumDocument): BoardsDocument {
  if (document.kind !== "categories") throw new Unexpected(`the answer is <${rootOf(document)}>`);
  return document;
}

/** @throws Unexpected */
export function expectBoard(document: ForumDocument, bid: number, page: number): BoardDocument | Refusal {
  if (isRefusal(document, "no-access", "invalid-board")) return document;
  if (document.kind !== "board") throw new Unexpected(`page ${page}: the answer is <${rootOf(document)}>`);
  if (document.bid !== bid) throw new Unexpected(`page ${page}: the answer is about board ${document.bid}`);
  if (document.page !== null && document.page !== page)
    throw new Unexpected(`page ${page} was answered with page ${document.page}`);
  return document;
}

/** @param page null: any @throws Unexpected */
export function expectThread(document: ForumDocument, tid: number, page: number | null): ThreadDocument | Refusal {
  if (isRefusal(document, "no-access", "invalid-thread", "thread-hidden")) return document;
  if (document.kind !== "thread") throw new Unexpected(`the answer is <${rootOf(document)}>`);
  if (document.thread.tid !== tid) throw new Unexpected(`the answer is about thread ${document.thread.tid}`);
  if (page !== null && document.page !== null && document.page !== page)
    throw new Unexpected(`page ${page} was answered with page ${document.page}`);
  return document;
}
