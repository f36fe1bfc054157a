;;; A session of Emacs with Eglot, an old client: emacs -Q --batch -l session.el  -*- lexical-binding: t -*-
;;
;; Emacs 28 with Eglot 1.9 knows no code actions that are resolved, no annotations, no progress and no creation of files by an edit,
;; and counts positions in UTF-16. The exit code is 0 when every check held.

(require 'package)
(add-to-list 'package-directory-list "/usr/share/emacs/site-lisp/elpa")
(package-initialize)
(require 'eglot)
(require 'cl-lib)

(defvar repository (getenv "SESSION_ROOT"))
(defvar workspace (getenv "SESSION_WORKSPACE"))
(defvar passed 0)
(defvar failed 0)

(defun check (name held &optional seen)
  (if held (cl-incf passed) (cl-incf failed))
  (message (if held "ok   %s" "FAIL %s: %S") name seen))

;; What came in one piece with an answer is read by this jsonrpc only when more comes: so something is asked for meanwhile.
(defun nudge ()
  (when-let ((server (eglot-current-server)))
    (when (jsonrpc-running-p server)
      (jsonrpc-async-request server :tierline/status nil :success-fn #'ignore :error-fn #'ignore :timeout-fn #'ignore))))

(defmacro until (form)
  `(let ((end (+ (float-time) 30)) value)
     (while (and (not (setq value ,form)) (< (float-time) end))
       (nudge)
       (accept-process-output nil 0.1))
     value))

(defun on-workspace (&rest arguments)
  (with-temp-buffer
    (apply #'call-process "python3" nil t nil (concat repository "/tests/editors/workspace.py") arguments)
    (buffer-string)))

(defun go-to (text nth)
  (goto-char (point-min))
  (search-forward text nil nil nth)
  (goto-char (match-beginning 0)))

(defun hover ()
  (let ((answer (jsonrpc-request (eglot--current-server-or-lose) :textDocument/hover (eglot--TextDocumentPositionParams))))
    (and answer (substring-no-properties (eglot--hover-info (plist-get answer :contents) (plist-get answer :range))))))

;; Takes the first entry of the menu at point that matches.
(defun take (pattern)
  (cl-letf (((symbol-function 'completing-read)
             (lambda (_prompt entries &rest _)
               (cl-find-if (lambda (entry) (string-match-p pattern entry)) (mapcar (lambda (entry) (if (consp entry) (car entry) entry)) entries))))
            ((symbol-function 'yes-or-no-p) (lambda (&rest _) t)))
    (eglot-code-actions (point) (point) nil t)))

;; Eglot asks before it edits files that are not visited.
(fset 'y-or-n-p (lambda (&rest _) t))
(setq last-nonmenu-event t              ; Otherwise Eglot asks by a menu of the window system, which is not there.
      eglot-confirm-server-initiated-edits nil
      eglot-sync-connect 30
      make-backup-files nil
      create-lockfiles nil
      python-indent-guess-indent-offset nil)
(add-to-list 'eglot-server-programs '(python-mode . ("tierline" "lsp")))

(on-workspace "write" workspace)
(find-file (concat workspace "/shapes.py"))
(apply #'eglot (eglot--guess-contact))
(check "attaches" (eglot-current-server))
(until (let ((status (jsonrpc-request (eglot-current-server) :tierline/status nil)))
         (and (eq (plist-get status :indexing) :json-false) (< 0 (plist-get status :files)))))

(go-to "total_area" 1)
(check "hover says who uses it, in plain text" (until (let ((text (hover))) (and text (string-match-p "3 files" text) (not (string-match-p "`" text)) text))) (hover))
(check "the menu explains" (cl-some (lambda (action) (string-match-p "Explain" (plist-get action :title))) (eglot-code-actions (point) (point))))

(find-file (concat workspace "/survey/plan.py"))
(go-to "total_area" 3)
(check "a hover behind an emoji is about the name" (until (let ((text (hover))) (and text (string-match-p "total_area" text) text))) (hover))

(defun buffer-of (path)
  (let ((buffer (find-buffer-visiting (concat workspace "/" path))))
    (if buffer (with-current-buffer buffer (buffer-string)) "")))

(defun save-all () (let ((inhibit-message t)) (save-some-buffers t)))

(defvar paths '("report.py" "shapes.py" "survey/plan.py" "survey/windows.py"))
(go-to "tierline: rename" 1)
(take "^Carry out")
(check "every file is changed in a buffer"
       (until (cl-every (lambda (path) (string-match-p "summed_area" (buffer-of path))) paths))
       (mapcar #'buffer-of paths))
(check "nothing is written before the user does" (string-empty-p (on-workspace "differing" workspace "before")))
(save-all)
(check "on disk it is as expected, and no other byte changed" (string-empty-p (on-workspace "differing" workspace "after")) (on-workspace "differing" workspace "after"))
(go-to "summed_area" 2)
(check "the menu offers to undo"
       (until (cl-some (lambda (action) (string-match-p "^Undo" (plist-get action :title))) (eglot-code-actions (point) (point)))))
(take "^Undo")
(check "every buffer is as before"
       (until (cl-notany (lambda (path) (string-match-p "summed_area(" (buffer-of path))) paths)))
(save-all)
(check "undone, the files are equal byte for byte" (string-empty-p (on-workspace "differing" workspace "before")) (on-workspace "differing" workspace "before"))

(let ((server (eglot-current-server)))
  (eglot-shutdown server nil 10)
  (check "the server stops when asked" (until (not (jsonrpc-running-p server)))))
(message "     %d passed, %d failed" passed failed)
(kill-emacs (if (= failed 0) 0 1))
