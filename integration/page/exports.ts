/** Exports a report: as a file, or as text on the clipboard. */
import type { Language, Report } from "../checks/model.ts";
import { reportText } from "../checks/report-text.ts";
import { element, part } from "./dom.ts";
import type { TextName } from "./texts.ts";

export function downloadReport(report: Report): void {
  const text = `${JSON.stringify(report, undefined, 2)}\n`;
  const url = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  element("a", { href: url, download: `newday-integration-${report.runId}.json` }).click();
  URL.revokeObjectURL(url);
}

/** Resolves with the sentence to announce. Where the clipboard is closed, the text is shown. */
export async function copyTicket(report: Report, language: Language): Promise<TextName> {
  const text = reportText(report, language);
  try {
    await navigator.clipboard.writeText(text);
    return "copied";
  } catch {
    const ticket = part("ticket", HTMLTextAreaElement);
    ticket.value = text;
    ticket.hidden = false;
    ticket.select();
    return "copyFailed";
  }
}
