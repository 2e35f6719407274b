import { test } from 'vitest';
import './missing-file.js';
test('never seen', () => {});
