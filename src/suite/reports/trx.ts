import type { RawTest, Reading } from '../runner.ts';
import { attribute, childrenOf, type Element, isElement, readXml, textOf } from './xml.ts';

/** Visual Studio test results (`dotnet test --logger trx`). */
export function readTrx(text: string): Reading {
  const { root, sound } = readXml(text);
  const run = childrenOf(root, 'TestRun')[0];
  if (!run) return { tests: [], complete: false };
  const definitions = new Map<string, Element>();
  for (const list of childrenOf(run, 'TestDefinitions'))
    for (const test of childrenOf(list, 'UnitTest')) definitions.set(attribute(test, 'id') ?? '', test);
  const tests = childrenOf(run, 'Results').flatMap((list) =>
    childrenOf(list, 'UnitTestResult').map((result) => toTest(result, definitions.get(attribute(result, 'testId') ?? ''))),
  );
  const summary = childrenOf(run, 'ResultSummary')[0];
  return { tests, complete: sound && summary !== undefined, ...(summary && { doubts: doubtsOf(summary) }) };
}

/** `Failed` also stands where the host died or an assembly did not load: then the infos of the run say why. */
function doubtsOf(summary: Element): string[] {
  const outcome = attribute(summary, 'outcome') ?? '';
  const infos = childrenOf(childrenOf(summary, 'RunInfos')[0] ?? {}, 'RunInfo').filter((info) => attribute(info, 'outcome') === 'Error');
  const said = infos.flatMap((info) => childrenOf(info, 'Text').map(textOf)).filter(Boolean);
  return /^(?:Failed|Error|Aborted|Timeout)$/.test(outcome)
    ? [`outcome="${outcome}"`, ...said.map((text) => text.split('\n')[0] ?? '')]
    : [];
}

function toTest(result: Element, definition: Element | undefined): RawTest {
  const outcome = attribute(result, 'outcome');
  const info = childrenOf(childrenOf(result, 'Output')[0] ?? {}, 'ErrorInfo')[0];
  const part = (name: string) => (info ? childrenOf(info, name).map(textOf).join('\n') : '');
  const stack = part('StackTrace').replace(/^\s*at (.+) in (.+):line (\d+)$/gm, '    at $1 ($2:$3:1)');
  const method = definition ? childrenOf(definition, 'TestMethod')[0] : undefined;
  const className = isElement(method) ? attribute(method, 'className')?.split(',')[0] : undefined;
  const message = part('Message');
  const compared = /Expected:\s*(.+?)\r?\n\s*(?:But was|Actual):\s*(.+?)(?:\r?\n|$)/s.exec(message);
  const file = /\((\/[^()]+|[A-Z]:\\[^()]+):\d+:1\)/.exec(stack)?.[1];
  const name = attribute(result, 'testName') ?? '';
  return {
    file,
    names: className && name.startsWith(`${className}.`) ? [className, name.slice(className.length + 1)] : [name],
    status:
      outcome === 'Passed'
        ? 'passed'
        : outcome === 'NotExecuted' || outcome === 'Inconclusive' || outcome === 'Pending'
          ? 'skipped'
          : 'failed',
    durationMs: toMs(attribute(result, 'duration')),
    ...(outcome === 'Timeout' && { kind: 'timeout' }),
    errors:
      outcome === 'Passed' || !info
        ? []
        : [
            {
              name: /Assert/.test(`${message}${stack}`) ? 'AssertionError' : 'Error',
              message,
              stack,
              ...(compared && { expected: compared[1], actual: compared[2] }),
            },
          ],
  };
}

function toMs(duration: string | undefined): number | undefined {
  const parts = /^(\d+):(\d+):([\d.]+)$/.exec(duration ?? '');
  return parts ? (Number(parts[1]) * 3600 + Number(parts[2]) * 60 + Number(parts[3])) * 1000 : undefined;
}
