Deno.test('holds', () => {});
Deno.test('holds too', () => {});
