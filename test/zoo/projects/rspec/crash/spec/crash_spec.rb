RSpec.describe('crash') { it('kills its process') { Process.kill('KILL', Process.pid) } }
