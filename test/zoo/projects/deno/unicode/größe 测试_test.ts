Deno.test('zählt "æ" › 數 🙂', () => {
  throw new Error('é is not è');
});
