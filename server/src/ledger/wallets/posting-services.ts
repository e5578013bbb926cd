/** The dependencies of a command: what it reads, whom it asks for accounts, and how it posts. */
import type { Database } from "../../db/database.ts";
import type { PostingEngine } from "../../engine/operation.ts";
import { createDirectory, type Directory } from "./directory.ts";

export interface PostingServices {
  readonly db: Database;
  readonly engine: PostingEngine;
  readonly directory: Directory;
}

export function createPostingServices(db: Database, engine: PostingEngine): PostingServices {
  return { db, engine, directory: createDirectory(db) };
}
