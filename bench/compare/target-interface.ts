/** The interface between a comparison and a commit: fixed, because commits of any age implement it. */

/** A database of the bench cluster. */
export interface Place {
  /** Folder of the socket. */
  readonly host: string;
  readonly port: number;
  readonly database: string;
}

export interface Ledger {
  /** Resolves when the transfer between two accounts, named by index, is durable. */
  transfer(pair: readonly [from: number, to: number]): Promise<void>;
  close(): Promise<void>;
}

export interface Market {
  readonly buyers: readonly { readonly userId: string; readonly token: string }[];
  /** Ids of listings that can be bought from for as long as a comparison takes. */
  readonly listings: readonly string[];
}
