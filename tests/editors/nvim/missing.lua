-- A session of a real Neovim with the plugin and no server anywhere: nvim --clean --headless -l missing.lua
--
-- Opening a file is not disturbed, what is asked for says where to look, and the health check says what to do. The exit code is 0 when
-- every check held.

local root, workspace = vim.env.SESSION_ROOT, vim.env.SESSION_WORKSPACE
local failed = 0

local function check(name, held, seen)
  failed = failed + (held and 0 or 1)
  local detail = held and '' or ': ' .. (type(seen) == 'string' and seen or vim.inspect(seen))
  io.stdout:write((held and 'ok   ' or 'FAIL ') .. name .. detail .. '\n')
end

local told = {}
vim.notify = function(said)
  table.insert(told, said)
end

vim.system({ 'python3', root .. '/tests/editors/workspace.py', 'write', workspace }):wait()
vim.opt.swapfile = false
vim.opt.runtimepath:prepend(root .. '/editors/nvim')
vim.cmd.runtime('plugin/tierline.lua')
vim.lsp.enable('tierline')
local opened, fault = pcall(vim.cmd.edit, workspace .. '/shapes.py')
vim.cmd('doautocmd FileType')
check('a file opens as ever', opened and vim.fn.getline(14) == 'def total_area(shapes):', fault or vim.fn.getline(1, '$'))
check('nothing is said before something is asked for', not vim.wait(1000, function()
  return #told > 0
end, 50), told)

for _, line in ipairs({ 'Tierline lookup what adds up areas', 'Tierline hover', 'Tierline undo' }) do
  told = {}
  vim.cmd(line)
  check(('`:%s` says that there is no server, and what says why'):format(line), #told == 1 and told[1]:find('no server runs for this buffer; `:checkhealth tierline`', 1, true) ~= nil, told)
end
check('the statusline says nothing', require('tierline').status() == '', require('tierline').status())

vim.cmd('silent checkhealth tierline')
local health = table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), '\n')
check('the health check says what is missing', health:find('ERROR `tierline` is not on the PATH', 1, true) ~= nil, health)
check('and both ways to mend it', health:find('cargo install', 1, true) ~= nil and health:find("vim.lsp.config('tierline'", 1, true) ~= nil, health)

os.exit(failed == 0 and 0 or 1)
