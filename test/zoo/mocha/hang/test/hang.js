it('never ends', () => { for (;;); });
