RSpec.describe 'sum' do
  it('holds') {}
  xit('waits') {}
end
