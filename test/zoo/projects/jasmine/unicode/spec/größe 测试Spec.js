it('zählt "æ" › 數 🙂', () => { expect('é').toBe('è'); });
