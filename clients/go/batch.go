package opensend

// The server's limits of events and bytes in one request.
const (
	eventsMax = 1000
	bytesMax  = 8 * 1024 * 1024
)

// splitBatch returns the sizes of batches that send texts in order: as few batches as the limits allow. A text that
// is too long on its own gets a separate batch, which the server refuses with the reason.
func splitBatch(byteLengths []int, eventsMax, bytesMax int) []int {
	var sizes []int
	count, size := 0, 0
	for _, length := range byteLengths {
		// The brackets, and a comma before each text but the first.
		withThis := length + 2
		if count > 0 {
			withThis = size + 1 + length
		}
		if count > 0 && (count == eventsMax || withThis > bytesMax) {
			sizes = append(sizes, count)
			count, size = 1, length+2
		} else {
			count, size = count+1, withThis
		}
	}
	if count > 0 {
		sizes = append(sizes, count)
	}
	return sizes
}
