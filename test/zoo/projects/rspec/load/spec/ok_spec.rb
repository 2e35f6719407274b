RSpec.describe('ok') { it('holds') {} }
