import { wholeFile } from '../runner.ts';
import { block, failed, number, type Shape } from './shape.ts';

export const go: Shape = (text, lines) => {
  if (!/^(?:ok|FAIL|---)\s+\S.*/m.test(text) || !/^(?:ok|FAIL)\s+\S+\s+(?:[\d.]+s|\(cached\)|\[build failed\])/m.test(text))
    return undefined;
  const all = lines.flatMap((line, index) => {
    const match = /^\s*--- FAIL: (\S+) \([\d.]+s\)$/.exec(line);
    if (!match?.[1]) return [];
    const detail = block(lines, index + 1, /^\s*(?:---|===) |^(?:FAIL|ok|PASS)\b/, 80);
    const home = lines
      .slice(index)
      .map((one) => /^FAIL\s+(\S+)\s/.exec(one)?.[1])
      .find(Boolean);
    return [{ name: match[1], home, detail }];
  });
  const leaves = all.filter(({ name }) => !all.some((other) => other.name.startsWith(`${name}/`)));
  const tests = leaves.map(({ name, home, detail }) => failed(home, [name], detail));
  const unbuilt = [...text.matchAll(/^FAIL\s+(\S+) \[(?:build|setup) failed\]/gm)].map(([, home]) =>
    failed(home, [wholeFile], /^\S+\.go:\d+:\d+: .*$/m.exec(text)?.[0] ?? 'it does not build'),
  );
  const passed = number(text, /^--- PASS: ()/gm) + [...text.matchAll(/^(?:ok\s|\s*--- PASS: )/gm)].length;
  return {
    runner: 'go test',
    tests: [...tests, ...unbuilt],
    totals: { passed, failed: tests.length + unbuilt.length, skipped: [...text.matchAll(/^\s*--- SKIP: /gm)].length },
  };
};

export const maven: Shape = (text, lines) => {
  const total = [...text.matchAll(/Tests run: (\d+), Failures: (\d+), Errors: (\d+), Skipped: (\d+)(?!.*(?:Time elapsed|in ))/g)].at(-1);
  if (!total) return undefined;
  const tests = lines.flatMap((line) => {
    const match = /^\[ERROR\]\s+([\w$.]+)[.:](\w+)(?:\([\w.]+\))?(?::(\d+))? (.+)$/.exec(line);
    return match?.[1] && match[2] && /^[A-Z]/.test(match[1].split('.').at(-1) ?? '')
      ? [failed(undefined, [match[1], match[2]], match[4] ?? '')]
      : [];
  });
  const [, run = '0', failures = '0', errors = '0', skipped = '0'] = total;
  const bad = Number(failures) + Number(errors);
  return {
    runner: 'maven',
    tests,
    totals: { passed: Math.max(Number(run) - bad - Number(skipped), 0), failed: bad, skipped: Number(skipped) },
  };
};

export const rspec: Shape = (text, lines) => {
  const total = /^(\d+) examples?, (\d+) failures?(?:, (\d+) pending)?/m.exec(text);
  if (!total) return undefined;
  const tests = lines.flatMap((line) => {
    const match = /^rspec (?:\.\/)?(\S+?\.rb)(?::(\d+)|\[[\d:]+\]) # (.+)$/.exec(line);
    if (!match?.[1] || !match[3]) return [];
    const at = lines.findIndex((other) => other.replace(/^\s+\d+\) /, '') === match[3]);
    return [failed(match[1], [match[3]], at < 0 ? '' : block(lines, at + 1, /^\s+\d+\) |^Finished in/, 60))];
  });
  const [, run = '0', bad = '0', pending = '0'] = total;
  return {
    runner: 'rspec',
    tests,
    totals: { passed: Math.max(Number(run) - Number(bad) - Number(pending), 0), failed: Number(bad), skipped: Number(pending) },
  };
};

export const phpunit: Shape = (text, lines) => {
  const ok = /^OK \((\d+) tests?, /m.exec(text);
  const bad = /^Tests: (\d+), Assertions: \d+(.*)\.$/m.exec(text);
  if (!ok && !bad) return undefined;
  const tests = lines.flatMap((line, index) => {
    const match = /^\d+\) ([\w\\]+)::(\w+)(.*)$/.exec(line);
    if (!match?.[1] || !match[2]) return [];
    const detail = block(lines, index + 1, /^\d+\) |^(?:FAILURES|ERRORS)!|^--$/, 60);
    const place = /^(\S+\.php):(\d+)$/m.exec(detail);
    return [
      failed(place?.[1], [match[1].split('\\').at(-1) ?? match[1], `${match[2]}${match[3]}`], detail.split(/\n\s*\n/)[0] ?? '', detail),
    ];
  });
  const failures = number(bad?.[2] ?? '', /(?:Failures|Errors): (\d+)/g);
  const skipped = number(bad?.[2] ?? '', /(?:Skipped|Incomplete): (\d+)/g);
  return {
    runner: 'phpunit',
    tests,
    totals: { passed: Math.max(Number(ok?.[1] ?? bad?.[1] ?? 0) - failures - skipped, 0), failed: failures, skipped },
  };
};

export const dotnet: Shape = (text, lines) => {
  const total = /^\s*(?:Passed!|Failed!)\s+- Failed:\s+(\d+), Passed:\s+(\d+), Skipped:\s+(\d+)/m.exec(text);
  if (!total) return undefined;
  const tests = lines.flatMap((line, index) => {
    const name = /^\s+Failed (\S.*?) \[[^\]]*\]$/.exec(line)?.[1];
    if (name === undefined) return [];
    const detail = block(lines, index + 1, /^\s+(?:Failed|Passed|Skipped) \S|^\s*(?:Passed!|Failed!)/, 60);
    const place = /in (\S.*?\.(?:cs|fs|vb)):line \d+/.exec(detail)?.[1];
    return [
      failed(
        place,
        [name],
        /Error Message:\n([\s\S]*?)\n\s+Stack Trace:/.exec(detail)?.[1] ?? detail,
        detail.replace(/ in (\S.*?):line (\d+)/g, ' ($1:$2:1)'),
      ),
    ];
  });
  return { runner: 'dotnet', tests, totals: { failed: Number(total[1]), passed: Number(total[2]), skipped: Number(total[3]) } };
};
