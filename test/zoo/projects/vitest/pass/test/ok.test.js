import { describe, it, test } from 'vitest';
test('adds', () => {});
describe('group', () => it('nests', () => {}));
