-- A session of a real Neovim with the plugin, taken in as a package manager does: nvim --clean --headless -l plugin.lua
--
-- What the server alone can do is tried by session.lua; here it is the command, the hover that fills in, the statusline, the help, the
-- health check and a server that ends by itself. The model server is a script on this machine. The exit code is 0 when every check held.

local root, workspace, out, home = vim.env.SESSION_ROOT, vim.env.SESSION_WORKSPACE, vim.env.SESSION_OUT, vim.env.SESSION_HOME
local checks = dofile(root .. '/tests/editors/nvim/checks.lua')
local check, finish, wait = checks.check, checks.finish, checks.wait

local offered
vim.ui.select = function(items, options, choose)
  local titles = vim.tbl_map(options.format_item or tostring, items)
  offered = { titles = titles, items = items, choose = choose, prompt = options.prompt }
end

local function float()
  for _, window in ipairs(vim.api.nvim_list_wins()) do
    if vim.api.nvim_win_get_config(window).relative ~= '' then
      local lines = vim.api.nvim_buf_get_lines(vim.api.nvim_win_get_buf(window), 0, -1, false)
      return window, table.concat(lines, '\n')
    end
  end
  return nil, ''
end

-- The model server, and a configuration that names it -----------------------------------------------------------------------------

local models = vim.system({ 'python3', root .. '/tests/editors/models.py', home .. '/port', out .. '/requests.jsonl' }, { env = { DELAY_summary = '1' } })
wait(function()
  return vim.uv.fs_stat(home .. '/port') ~= nil
end)
local port = vim.fn.readfile(home .. '/port')[1]
vim.fn.mkdir(vim.env.XDG_CONFIG_HOME .. '/tierline', 'p')
local configuration = {}
for _, tier in ipairs({ 'nano', 'mini', 'flagship' }) do
  local lines = { '[tiers.%s]', 'provider = "local"', 'base_url = "http://127.0.0.1:' .. port .. '/v1"', 'model = "%s-model"', 'price = { input = 2.0, output = 8.0 }' }
  for _, line in ipairs(lines) do
    table.insert(configuration, line:find('%%s') and line:format(tier) or line)
  end
end
vim.fn.writefile(configuration, vim.env.XDG_CONFIG_HOME .. '/tierline/config.toml')

-- The session ---------------------------------------------------------------------------------------------------------------------

vim.system({ 'python3', root .. '/tests/editors/workspace.py', 'write', workspace }):wait()
local packages = home .. '/site/pack/session/opt'
vim.fn.mkdir(packages, 'p')
vim.system({ 'cp', '-r', root .. '/editors/nvim', packages .. '/tierline' }):wait()
vim.opt.packpath:prepend(home .. '/site')
vim.opt.hidden, vim.opt.swapfile = true, false
vim.cmd.packadd('tierline')
check('nothing of the plugin is loaded before it is used', package.loaded['tierline'] == nil and package.loaded['tierline.command'] == nil)
check('it maps no key', vim.iter(vim.api.nvim_get_keymap('n')):all(function(map)
  return not (map.desc or ''):find('Tierline') or map.lhs:find('^<Plug>') ~= nil
end))
check('sub-commands are completed', vim.deep_equal(vim.fn.getcompletion('Tierline re', 'cmdline'), { 'refactor', 'report', 'restart' }), vim.fn.getcompletion('Tierline re', 'cmdline'))

vim.lsp.enable('tierline')
vim.cmd.edit(workspace .. '/shapes.py')
vim.cmd('doautocmd FileType')
local tierline = require('tierline')
if not check('it attaches', wait(function()
  return vim.lsp.get_clients({ name = 'tierline', bufnr = 0 })[1] ~= nil
end)) then
  finish()
end
check('the statusline says the state and the cost of today', wait(function()
  return tierline.status() == 'Tierline $0'
end), tierline.status())

vim.fn.search('total_area')
check('a rename is begun from the word under the cursor', vim.deep_equal(vim.fn.getcompletion('Tierline refactor ', 'cmdline'), { 'rename total_area to ' }))
vim.cmd('Tierline hover')
local window, text
check('the hover is there at once', wait(function()
  window, text = float()
  return text:find('3 files', 1, true) ~= nil
end), text)
check('without its summary', text:find('Adds up', 1, true) == nil, text)
check('which fills in', wait(function()
  window, text = float()
  return text:find('Adds up what each shape', 1, true) ~= nil and text:find('nano', 1, true) ~= nil
end), text)
check('and the window has room for it', window and vim.api.nvim_win_get_height(window) == vim.api.nvim_win_text_height(window, {}).all)
if window then
  vim.api.nvim_win_close(window, true)
end
check('the statusline says what that cost', wait(function()
  return tierline.status():find('^Tierline %$0%.%d+$') ~= nil
end), tierline.status())

vim.cmd('Tierline lookup what adds up areas?')
check('a look-up says why, and what it cost', wait(function()
  return offered ~= nil and table.concat(offered.titles, '\n'):find('which is what the question asks', 1, true) and offered.prompt:find('nano', 1, true)
end), offered)
vim.cmd('Tierline! lookup what adds up areas?')
check('with a bang it goes to the quickfix list', wait(function()
  return #vim.fn.getqflist() > 0
end))
vim.cmd.cclose()

vim.cmd('Tierline refactor rename total_area to summed_area')
check('a sentence is carried out', wait(function()
  return vim.fn.search('summed_area', 'nw') > 0
end), checks.told)
wait(function()
  return checks.was_told('in 4 files')
end)
vim.cmd('Tierline undo')
check('and undone', wait(function()
  return vim.fn.search('summed_area', 'nw') == 0
end), checks.told)

vim.cmd('Tierline doctor')
check('the doctor speaks', wait(function()
  return vim.api.nvim_buf_get_name(0):find('tierline://doctor', 1, true) and vim.fn.search('spent today', 'nw') > 0
end), vim.api.nvim_buf_get_lines(0, 0, -1, false))
vim.cmd.close()
vim.cmd('Tierline nonsense')
check('what there is not is said', table.concat(checks.told, '\n'):find('there is no nonsense', 1, true) ~= nil, checks.told)

vim.cmd('silent checkhealth tierline')
local health = table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), '\n')
vim.fn.writefile(vim.split(health, '\n'), out .. '/health.txt')
check('the health check finds nothing wrong', health:find('ERROR', 1, true) == nil and health:find('WARNING', 1, true) == nil, health)
check('and says which models there are', health:find('nano: nano-model', 1, true) ~= nil, health)
vim.cmd.close()

vim.cmd.helptags(packages .. '/tierline/doc')
check('the help can be found', pcall(vim.cmd.help, 'tierline-command'))
vim.cmd.helpclose()

local before = vim.lsp.get_clients({ name = 'tierline', bufnr = 0 })[1].id
vim.uv.kill(tonumber(vim.fn.readfile(out .. '/messages.jsonl.pid')[1]), 'sigkill')
check('a server that is killed is started again', wait(function()
  local now = vim.lsp.get_clients({ name = 'tierline', bufnr = 0 })[1]
  return now ~= nil and now.id ~= before and now.initialized
end), checks.told)
check('and tells of itself', wait(function()
  return tierline.status():find('^Tierline %$') ~= nil
end), tierline.status())

vim.lsp.enable('tierline', false)
check('one that is stopped stays away', wait(function()
  return #vim.lsp.get_clients({ name = 'tierline' }) == 0
end) and not vim.wait(1500, function()
  return #vim.lsp.get_clients({ name = 'tierline' }) > 0
end, 50))
models:kill('sigterm')
finish()
