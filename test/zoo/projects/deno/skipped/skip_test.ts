Deno.test('holds', () => {});
Deno.test.ignore('waits', () => {});
