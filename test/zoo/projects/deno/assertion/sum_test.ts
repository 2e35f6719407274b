Deno.test('holds', () => {});
Deno.test('adds', () => {
  if (1 + 1 !== Number('3')) throw new Error('2 is not 3');
});
