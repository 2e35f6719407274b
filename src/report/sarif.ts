import type { Finding, Report } from '../schema/report.ts';
import { version } from '../version.ts';

const levels = { critical: 'error', major: 'error', minor: 'warning', note: 'note' } as const;

/** The findings of a review as SARIF 2.1.0, as code scanning takes them. Paths are relative to the root. */
export function sarifOf({ findings = [] }: Pick<Report, 'findings'>) {
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'glm-skill',
            version,
            informationUri: 'https://runapi.ai/models/glm',
            rules: Object.entries(levels).map(([id, level]) => ({
              id,
              shortDescription: { text: `A ${id} finding` },
              defaultConfiguration: { level },
            })),
          },
        },
        results: findings.map(resultOf),
      },
    ],
  };
}

function resultOf({ severity, path, startLine, endLine, side, why, edit }: Finding) {
  const old = side ? `Removed ${startLine === endLine ? `line ${startLine}` : `lines ${startLine}-${endLine}`}: ` : '';
  return {
    ruleId: severity,
    level: levels[severity],
    message: { text: edit ? `${old}${why} (suggested edit: ${edit})` : `${old}${why}` },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: path.split('/').map(encodeURIComponent).join('/') },
          // A removed line is nowhere in the file that is scanned, and no result is taken without a region.
          region: side ? { startLine: 1, endLine: 1 } : { startLine, endLine },
        },
      },
    ],
  };
}
