import { block, failed, number, type Shape } from './shape.ts';

export const dotnet: Shape = (text, lines) => {
  // One line for each project.
  const counts = [...text.matchAll(/^\s*(?:Passed!|Failed!|Skipped!)\s+- (Failed:.*)$/gm)].map(([, rest]) => rest).join('\n');
  if (!counts) return undefined;
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
  return {
    runner: 'dotnet',
    tests,
    totals: {
      failed: number(counts, /Failed:\s+(\d+)/g),
      passed: number(counts, /Passed:\s+(\d+)/g),
      skipped: number(counts, /Skipped:\s+(\d+)/g),
    },
  };
};

/** Microsoft.Testing.Platform, which `dotnet test` of .NET 10 starts: results by name, one summary at the end of each module or of all. */
export const testingPlatform: Shape = (_text, lines) => {
  const from = lines.findLastIndex((line) => /^Test run summary: /.test(line));
  if (from < 0) return undefined;
  const tests = lines.flatMap((line, index) => {
    const name = /^failed (?:\(canceled\) )?(\S.*?)(?: \([\d.]+m?s(?: [\d.]+m?s)*\)|\s+[\d.]+m?s)?$/.exec(line)?.[1];
    if (name === undefined) return [];
    const detail = block(lines, index + 1, /^\S/, 80);
    const place = /in (\S.*?\.(?:cs|fs|vb)):(?:line )?\d+/.exec(detail)?.[1];
    const stack = detail.replace(/ in (\S.*?):(?:line )?(\d+)/g, ' ($1:$2:1)');
    return [failed(place, [name], (detail.split(/\n\s+at /)[0] ?? '').replace(/^ {2}/gm, ''), stack)];
  });
  const summary = lines.slice(from).join('\n');
  const count = (word: string) => number(summary, new RegExp(`^\\s+${word}: (\\d+)`, 'gm'));
  return {
    runner: 'dotnet',
    tests,
    totals: { passed: count('succeeded'), failed: count('failed') + count('error'), skipped: count('skipped') },
  };
};
