import type { Finding } from '../functions/sources/caresoft/diagnostics/probe.ts';

/** Findings as a terminal shows them. */

/** A line each. What to do stands below, and may take several lines. */
export function describeFinding({ status, says, do: todo }: Finding): string {
  const below = todo === undefined ? '' : `      → ${todo.replaceAll('\n', '\n        ')}\n`;
  return `${status.padEnd(4)}  ${says}\n${below}`;
}

export function describeFindings(findings: readonly Finding[]): string {
  const count = (status: Finding['status']): number => findings.filter((one) => one.status === status).length;
  const failed = count('fail');
  return failed === 0
    ? `\nNothing stands in the way of a report (${count('ok')} ok, ${count('note')} to note).\n`
    : `\n${failed} of ${findings.length} would spoil a report: see what is said after “→”.\n`;
}
