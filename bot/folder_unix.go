//go:build linux || darwin

package main

import "syscall"

// diskRoom is what is free on the disk that holds path, for us, and its size, in bytes.
func diskRoom(path string) (free, size uint64, ok bool) {
	var s syscall.Statfs_t
	if syscall.Statfs(path, &s) != nil || s.Blocks == 0 {
		return 0, 0, false
	}
	block := uint64(s.Bsize) //nolint:gosec // a size of blocks is positive
	return s.Bavail * block, s.Blocks * block, true
}

// writable asks, without trying, whether we may make files in the folder.
func writable(folder string) bool {
	const mayWrite, mayEnter = 2, 1
	return syscall.Access(folder, mayWrite|mayEnter) == nil
}
