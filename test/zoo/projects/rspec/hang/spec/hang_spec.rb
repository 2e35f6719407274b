RSpec.describe('hang') { it('never ends') { loop {} } }
