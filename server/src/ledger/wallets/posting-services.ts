/** The dependencies of a command: what it reads, whom it asks for accounts, and how it posts. */
import type { Database } from "../../db/database.ts";
import type { PostingEngine } from "../../engine/operation.ts";
import { createDirectory, type Directory } from "./directory.ts";
import { createGrantingEngine } from "./granting-engine.ts";

export interface PostingServices {
  readonly db: Database;
  /** Posts starter grants when a payment needs them. */
  readonly engine: PostingEngine;
  readonly directory: Directory;
}

export function createPostingServices(db: Database, engine: PostingEngine): PostingServices {
  const directory = createDirectory(db);
  return { db, engine: createGrantingEngine(engine, { db, directory }), directory };
}
