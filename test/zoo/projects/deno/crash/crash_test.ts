Deno.test('kills its process', () => Deno.kill(Deno.pid, 'SIGKILL'));
