require_relative './missing_file'
RSpec.describe('never') { it('is seen') {} }
