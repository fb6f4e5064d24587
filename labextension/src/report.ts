/**
 * The status as plain text, to be pasted into a mail or an issue.
 */
import type { TranslationBundle } from '@jupyterlab/translation';

import type { Facts } from './facts';
import { moment } from './text';
import { verdictLabel } from './verdicts';

/** Headline, plan, the cells that are not reproduced, and the findings. */
export function asText(trans: TranslationBundle, facts: Facts): string {
  const lines = [`${facts.headline} (${moment(facts.at)})`];
  if (facts.plan.sentence) {
    lines.push(facts.plan.sentence);
  }
  for (const cell of facts.cells) {
    if (cell.verdict !== 'reproduced') {
      lines.push(
        `${cell.label}: ${verdictLabel(trans, cell.verdict)}`,
        ...cell.why.map(why => `    ${why}`)
      );
    }
  }
  for (const finding of facts.findings) {
    lines.push(`${finding.code} ${finding.message}`, `    → ${finding.remedy}`);
  }
  return lines.join('\n');
}
