import { bats, dart, minitest, prove } from './bats-perl-dart.ts';
import { ctest, googleTest } from './cpp.ts';
import { dotnet, testingPlatform } from './dotnet.ts';
import { jest, mocha, nodeTest, vitest } from './javascript.ts';
import { gradle, maven } from './jvm.ts';
import { gotestsum, nextest } from './native.ts';
import { go, pest, phpunit, rspec } from './others.ts';
import { pytest, unittest } from './python.ts';
import { ava, bun, deno, jasmine, playwright } from './runtimes.ts';
import type { LogReading, Shape } from './shape.ts';
import { exunit, ginkgo, karma, scalatest } from './specs.ts';
import { swiftTesting, xctest } from './swift.ts';

/** Of one list, the first that fits speaks for all: it prints the form of those after it inside its own. */
const shapes: readonly (readonly Shape[])[] = [
  [pytest],
  [unittest],
  [vitest],
  [jest],
  [mocha],
  [nodeTest],
  [maven],
  [gradle],
  [rspec],
  [pest, phpunit],
  [testingPlatform, dotnet],
  [ginkgo, gotestsum, go],
  [nextest],
  [ava],
  [jasmine],
  [playwright],
  [bun],
  [deno],
  [ctest, googleTest],
  [bats],
  [prove],
  [dart],
  [minitest],
  [xctest],
  [swiftTesting],
  [karma],
  [scalatest],
  [exunit],
];

/** Everything in a log that is the output of a test runner, runner by runner. */
export function readLogShapes(lines: readonly string[]): LogReading[] {
  const text = lines.join('\n');
  return shapes.flatMap((rivals) => {
    for (const shape of rivals) {
      const reading = shape(text, lines);
      if (reading) return [reading];
    }
    return [];
  });
}
