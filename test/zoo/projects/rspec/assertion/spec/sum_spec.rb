RSpec.describe 'sum' do
  it('holds') {}
  it('adds') { expect(1 + 1).to eq(3) }
end
