import './missing-file.ts';
Deno.test('never seen', () => {});
