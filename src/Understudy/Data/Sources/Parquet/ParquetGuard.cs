using System.Buffers.Binary;
using Parquet.Meta;

namespace Understudy.Data;

/// <summary>
/// Checks what a Parquet file claims of itself before its reader asks for memory by it. Messages lack the file's name.
/// </summary>
internal static class ParquetGuard
{
    private const int Frame = 12, MaxFooter = 64_000_000, MaxHeader = 1 << 16;
    private const long MaxRows = 10_000_000, MaxGroupBytes = 1_000_000_000;
    private const string CopyAgain = "is truncated or damaged; copy it again";

    /// <summary>The frame and the footer: <c>PAR1 … footer length PAR1</c>.</summary>
    /// <exception cref="InvalidDataException">No Parquet file, an encrypted one, or a footer that is not sound.</exception>
    public static void CheckFooter(Stream file)
    {
        Span<byte> ends = stackalloc byte[Frame];
        if (file.Length < Frame) throw new InvalidDataException("is no Parquet file: it is too short");
        file.Position = 0;
        file.ReadExactly(ends[..4]);
        file.Position = file.Length - 8;
        file.ReadExactly(ends[4..]);
        if (ends[8..].SequenceEqual("PARE"u8)) throw new InvalidDataException("is encrypted; write it anew without encryption");
        if (!ends[..4].SequenceEqual("PAR1"u8)) throw new InvalidDataException("is no Parquet file");
        if (!ends[8..].SequenceEqual("PAR1"u8)) throw new InvalidDataException(CopyAgain);
        var length = BinaryPrimitives.ReadUInt32LittleEndian(ends[4..]);
        if (length > MaxFooter || length > file.Length - Frame) throw new InvalidDataException(CopyAgain);
        var footer = new byte[length];
        file.Position = file.Length - 8 - length;
        file.ReadExactly(footer);
        var scan = new ThriftScan(footer);
        scan.Struct();
        file.Position = 0;
    }

    /// <exception cref="InvalidDataException">Rows that are no number of rows, or more than are read.</exception>
    public static void CheckRows(FileMetaData about)
    {
        if (about.RowGroups.Exists(g => g.NumRows < 0) || about.RowGroups.Sum(g => (decimal)g.NumRows) != about.NumRows)
            throw new InvalidDataException(CopyAgain);
        if (about.NumRows > MaxRows) throw new InvalidDataException($"claims {about.NumRows} rows; up to {MaxRows} are read");
    }

    /// <summary>
    /// The pages of one column of one row group: sizes that lie in the file, values that sum to what the footer says.
    /// </summary>
    /// <exception cref="InvalidDataException">They do not, or unpack to more than is read at once.</exception>
    public static void CheckPages(Stream file, ColumnMetaData column, long rows)
    {
        var start = column.DictionaryPageOffset is > 0 and var dictionary
            ? Math.Min(dictionary, column.DataPageOffset) : column.DataPageOffset;
        if (start < 4 || column.TotalCompressedSize < 0 || column.TotalCompressedSize > file.Length - start
            || column.NumValues != rows)
        {
            throw new InvalidDataException(CopyAgain);
        }
        long unpacked = 0, values = 0;
        var header = new byte[MaxHeader];
        for (long at = start, end = start + column.TotalCompressedSize; values < rows;)
        {
            if (at >= end) throw new InvalidDataException(CopyAgain);
            file.Position = at;
            var scan = new Page(
                header.AsSpan(0,
                    file.ReadAtLeast(header, (int)Math.Min(header.Length, file.Length - at), throwOnEndOfStream: false)));
            if (scan.Packed < 0 || scan.Unpacked < 0 || scan.Packed > end - at - scan.HeaderLength || scan.Values < 0
                || scan.Values > rows)
            {
                throw new InvalidDataException(CopyAgain);
            }
            at += scan.HeaderLength + scan.Packed;
            unpacked += scan.Unpacked;
            values += scan.IsData ? scan.Values : 0;
            if (unpacked > MaxGroupBytes)
                throw new InvalidDataException($"holds a row group that unpacks to more than {MaxGroupBytes / 1_000_000_000} GB; "
                    + "write it anew with smaller row groups");
        }
        if (values != rows) throw new InvalidDataException(CopyAgain);
    }

    /// <summary>What a page's header says (parquet.thrift, PageHeader).</summary>
    private readonly struct Page
    {
        private const int UnpackedField = 2, PackedField = 3, DataValues = 501, DictionaryValues = 701, DataV2Values = 801;

        public Page(ReadOnlySpan<byte> bytes)
        {
            var found = new Dictionary<int, long>();
            var scan = new ThriftScan(bytes, (path, value) => found[path] = value);
            scan.Struct();
            HeaderLength = scan.Position;
            (Packed, Unpacked) = (found.GetValueOrDefault(PackedField, -1), found.GetValueOrDefault(UnpackedField, -1));
            IsData = found.ContainsKey(DataValues) || found.ContainsKey(DataV2Values);
            Values = found.GetValueOrDefault(DataValues,
                found.GetValueOrDefault(DataV2Values, found.GetValueOrDefault(DictionaryValues, 0)));
        }

        public int HeaderLength { get; }

        public long Packed { get; }

        public long Unpacked { get; }

        public long Values { get; }

        public bool IsData { get; }
    }
}
