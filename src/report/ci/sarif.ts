import { createHash } from 'node:crypto';
import type { Report } from '../../schema/report.ts';
import { version } from '../../version.ts';
import { type Remark, remarksOf } from './remarks.ts';

type Rule = {
  readonly id: Remark['rule'];
  readonly level: Remark['level'];
  readonly short: string;
  readonly full: string;
  readonly help: string;
};

const finding = (id: Remark['rule'], level: Remark['level']): Rule => ({
  id,
  level,
  short: `A ${id} finding`,
  full: `A finding that a GLM review calls ${id}. It lies on changed lines; what tests said of its edit stands in its message.`,
  help: 'Read the reason and look at the lines. A suggested edit that is called proven passes the tests that passed before.',
});

const rules: readonly Rule[] = [
  finding('critical', 'error'),
  finding('major', 'error'),
  finding('minor', 'warning'),
  finding('note', 'note'),
  {
    id: 'root-cause',
    level: 'error',
    short: 'Why a test is red',
    full: 'The place that makes a test fail, as running it or a GLM model has shown. Only what the report calls verified was proven by a patch.',
    help: 'Read the report of the same run: it holds the patch and what the tests said of it.',
  },
  {
    id: 'failing-test',
    level: 'error',
    short: 'A test that fails',
    full: 'A test that was run and is red, at the line where its assertion fails.',
    help: 'Read the report of the same run: it says which test to take up first and why it is red.',
  },
];

/** What a report says of lines as SARIF 2.1.0, as code scanning takes it. Paths are relative to the root. */
export function sarifOf(report: Partial<Report>) {
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
            rules: rules.map(({ id, level, short, full, help }) => ({
              id,
              name: `${id
                .split('-')
                .map((word) => `${word[0]?.toUpperCase()}${word.slice(1)}`)
                .join('')}Finding`,
              shortDescription: { text: short },
              fullDescription: { text: full },
              help: { text: help },
              helpUri: 'https://runapi.ai/models/glm',
              defaultConfiguration: { level },
            })),
          },
        },
        results: remarksOf(report).map(resultOf),
      },
    ],
  };
}

/** The same remark keeps its mark when lines above it come and go. */
export function fingerprint({ rule, path, title, text }: Remark): string {
  return createHash('sha256')
    .update([rule, path, `${title} ${text}`.replace(/\d+/g, '').replace(/\s+/g, ' ').trim()].join('\0'))
    .digest('hex')
    .slice(0, 32);
}

function resultOf(remark: Remark) {
  const { rule, level, path, startLine, endLine, title, text } = remark;
  return {
    ruleId: rule,
    level,
    partialFingerprints: { 'glmSkillFinding/v1': fingerprint(remark) },
    message: { text: rule === 'failing-test' ? `${title}: ${text}` : text },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: path.split('/').map(encodeURIComponent).join('/') },
          region: { startLine, endLine },
        },
      },
    ],
  };
}
