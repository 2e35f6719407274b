RSpec.describe('größe') { it('zählt "æ" › 數 🙂') { expect('é').to eq('è') } }
