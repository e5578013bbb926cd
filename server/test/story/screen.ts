/** The story's output: on the terminal at once, and kept for the recording. */
import pc from "picocolors";
import { stripVTControlCharacters } from "node:util";
import type { Language, Message } from "../../src/lib/messages.ts";

export interface Screen {
  readonly language: Language;
  readonly t: (text: Message) => string;
  title(text: string): void;
  line(text: Message): void;
  /** Belongs to the line before it. */
  detail(text: string): void;
  /** A command and its whole output. */
  output(command: string, lines: string): void;
  /** A box: ticked when what it names is as promised. */
  box(ok: boolean, text: Message): void;
  /** The boxes that are not ticked. */
  readonly broken: readonly string[];
  /** Everything so far as Markdown. */
  markdown(): string;
}

const HEAD: Message = {
  en: `# The story

The whole journey on the legacy database, as \`npm run story\` played it: an old server with its own players on the same
tables all the time, the commands of [the runbook](README.md) in its order, and the partner's calls before, between and
after. Then New Day starts again in production mode, and a compatibility login lets the partner's clients in. Each step ends with the clients' calls, their worst wait and their errors; every box is ticked by a probe. Recorded
by \`npm run record:story\`; times are those of a small machine that did other work as well.`,
  zh: `# 演示记录

\`npm run story\` 在旧数据库上的完整过程：旧服务器及其玩家始终在同一批表上工作，命令按[操作手册](README.md)的顺序执行，合作方的调用在修复前、修复后、接管后各执行一次；随后 New Day 以生产模式重启，由兼容登录放行合作方的客户端。
每一步之后给出客户端的调用数、最长等待与错误数；每一项都经过检验。由 \`npm run record:story\` 写出；用时取自一台同时有其他任务的小型机器。`,
};

export function createScreen(language: Language): Screen {
  const t = (text: Message) => text[language];
  const recorded: string[] = [];
  const broken: string[] = [];
  const print = (shown: string, markdown: string) => {
    process.stdout.write(`${shown}\n`);
    recorded.push(markdown);
  };
  return {
    language,
    t,
    broken,
    title: (text) => print(`\n${pc.bold(text)}`, `\n## ${text}\n`),
    line: (text) => print(`  ${t(text)}`, `- ${t(text)}`),
    detail: (text) => print(`    ${text}`, `  - ${text}`),
    output(command, lines) {
      const text = stripVTControlCharacters(lines).trimEnd();
      print(
        `  ${pc.cyan(`$ ${command}`)}\n${text.replaceAll(/^/gm, "  │ ")}`,
        `\`\`\`\`text\n$ ${command}\n${text}\n\`\`\`\`\n`,
      );
    },
    box(ok, text) {
      if (!ok) broken.push(t(text));
      print(`  ${ok ? pc.green("☑") : pc.red("✗")} ${t(text)}`, `- ${ok ? "☑" : "✗"} ${t(text)}`);
    },
    markdown: () => `${t(HEAD)}\n${recorded.join("\n")}\n`,
  };
}
