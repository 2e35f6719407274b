import { test } from 'bun:test';
import './missing-file.js';
test('never seen', () => {});
