import type { ServerStatus } from "@newday/sdk";
import type { ReactNode } from "react";
import type { Texts } from "./texts.ts";

type Tone = "good" | "due" | "bad";

export function StatusCards({ status, texts }: { status: ServerStatus; texts: Texts }) {
  const { repair, adoption } = status;
  return (
    <div className="cards">
      <Card title={texts.server} tone="good">
        <p>
          {texts.version} {status.version} · {texts.build} {status.build} · {texts.schema}{" "}
          {status.schemaVersion}
        </p>
      </Card>
      <Card title={texts.database} tone={status.database === "ok" ? "good" : "bad"}>
        <p>{texts.databaseStates[status.database]}</p>
      </Card>
      <Card title={texts.mode} tone={status.mode === "production" ? "good" : "due"}>
        <p>{texts.modes[status.mode]}</p>
      </Card>
      <Card title={texts.repair} tone={repair.due ? "bad" : "good"}>
        <p>{repair.due ? texts.repairDue : texts.repaired}</p>
        {repair.walletForeignKeys.map((name) => (
          <code key={name}>{name}</code>
        ))}
        <Commands commands={repair.how ?? []} texts={texts} />
      </Card>
      <Card title={texts.adoption} tone={adoption === "adopted" ? "good" : "due"}>
        <p>{texts.adoptions[adoption]}</p>
        <Commands commands={adoption === "adoption_due" ? ["newday adopt"] : []} texts={texts} />
      </Card>
    </div>
  );
}

/** The mark repeats the meaning of the colour, for readers who see colours differently. */
const MARKS: Readonly<Record<Tone, string>> = { good: "✓", due: "!", bad: "✗" };

function Card({ title, tone, children }: { title: string; tone: Tone; children: ReactNode }) {
  return (
    <section className={`card ${tone}`}>
      <h2>
        <span aria-hidden="true">{MARKS[tone]}</span> {title}
      </h2>
      {children}
    </section>
  );
}

function Commands({ commands, texts }: { commands: readonly string[]; texts: Texts }) {
  if (commands.length === 0) return null;
  return (
    <>
      <p>{texts.run}</p>
      {commands.map((command) => (
        <code key={command}>{command}</code>
      ))}
    </>
  );
}
