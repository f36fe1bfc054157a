-- A session of a real Neovim with the plugin and no server anywhere: nvim --clean --headless -l missing.lua
--
-- Opening a file is not disturbed, what is asked for says where to look, and the health check says what to do. The exit code is 0 when
-- every check held.

local root, workspace = vim.env.SESSION_ROOT, vim.env.SESSION_WORKSPACE
local checks = dofile(root .. '/tests/editors/nvim/checks.lua')
local check = checks.check

vim.system({ 'python3', root .. '/tests/editors/workspace.py', 'write', workspace }):wait()
vim.opt.swapfile = false
vim.opt.runtimepath:prepend(root .. '/editors/nvim')
vim.cmd.runtime('plugin/tierline.lua')
vim.lsp.enable('tierline')
local opened, fault = pcall(vim.cmd.edit, workspace .. '/shapes.py')
vim.cmd('doautocmd FileType')
check('a file opens as ever', opened and vim.fn.getline(14) == 'def total_area(shapes):', fault or vim.fn.getline(1, '$'))
check('nothing is said before something is asked for', not vim.wait(1000, function()
  return #checks.told > 0
end, 50), checks.told)

for _, line in ipairs({ 'Tierline lookup what adds up areas', 'Tierline hover', 'Tierline undo' }) do
  checks.told = {}
  vim.cmd(line)
  check(('`:%s` says that there is no server, and what says why'):format(line), #checks.told == 1 and checks.told[1]:find('no server runs for this buffer; `:checkhealth tierline`', 1, true) ~= nil, checks.told)
end
check('the statusline says nothing', require('tierline').status() == '', require('tierline').status())

vim.cmd('silent checkhealth tierline')
local health = table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), '\n')
check('the health check says what is missing', health:find('ERROR `tierline` is not on the PATH', 1, true) ~= nil, health)
check('and both ways to mend it', health:find('cargo install', 1, true) ~= nil and health:find("vim.lsp.config('tierline'", 1, true) ~= nil, health)

checks.finish()
