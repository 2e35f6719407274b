RSpec.describe 'sum' do
  it('holds') { expect(1).to eq(1) }
  it('holds too') {}
end
