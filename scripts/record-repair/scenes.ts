/** The scenes: the whole repair, and the moments of refusal. */

export interface Scene {
  readonly title: string;
  readonly words: string;
  /** Arguments of `newday repair`; `PLAN`, `HASH`, `API` and `BACKUPS` are filled in. */
  readonly commands: readonly string[];
  /** Another person's changes to the database before the commands run. */
  readonly sql?: string;
}

const DROPPED_KEY = `alter table public.wallets add constraint orm_made_this
  foreign key (user_id) references public.players (id) not valid`;

export const SCENES: readonly Scene[] = [
  {
    title: "Look",
    words:
      "Nothing is written. An apply without a plan says how to make one. The plan's first lines say where we are.",
    commands: ["apply", "plan --environment production --out PLAN"],
  },
  {
    title: "Rehearse",
    words:
      "A dump is taken, restored on a scratch server, and the whole repair and every rollback option are done there.",
    commands: ["rehearse --plan PLAN --backup-dir BACKUPS"],
  },
  {
    title: "Red",
    words:
      "The API must fail for an external user now, and it must be the API of this very database.",
    commands: ["smoke --plan PLAN --api-url API", "notify --plan PLAN --kind heads-up"],
  },
  {
    title: "Apply",
    words: "The three facts are typed. The backup is verified before anything is changed.",
    commands: [
      "apply --plan PLAN --backup-dir BACKUPS --confirm-database staging --confirm-environment production --confirm-plan HASH",
      "apply --plan PLAN --backup-dir BACKUPS --confirm-database newday --confirm-environment production --confirm-plan HASH",
    ],
  },
  {
    title: "Prove",
    words: "By catalogue, by behaviour, and through the API.",
    commands: ["verify", "smoke --api-url API", "notify --kind done"],
  },
  {
    title: "Rollback, while it is open",
    words: "No external user has a row yet.",
    commands: ["rollback --plan"],
  },
  {
    title: "The first external user",
    words: "A partner's user gets a wallet. From now on the exact rollback is refused (exit 9).",
    sql: "insert into public.wallets (user_id) values ('allinone-1')",
    commands: [
      "rollback --option exact --confirm-database newday --confirm-environment production --confirm-strangers 1",
    ],
  },
  {
    title: "Watch",
    words: "An ORM brings the key back under another name: exit 10.",
    commands: ["watch --for 1s --every 1s"],
  },
  {
    title: "The key comes back",
    words: "Some days later.",
    sql: DROPPED_KEY,
    commands: ["watch", "verify", "drift"],
  },
  {
    title: "The runbook",
    words: "Written from the journal; boxes that are no longer true say so.",
    commands: ["status", "report"],
  },
];
