Deno.test('never ends', () => {
  for (;;);
});
