using Understudy.Common;
using Understudy.Data;
using Understudy.Tests.Data;

namespace Understudy.Tests.Common;

public sealed class CsvTests
{
    [Fact]
    public void Read_RowsOfAllKinds_AreTheirFieldsAndLines()
    {
        using var reader = new StringReader("id,\"a, \"\"b\"\"\"\r\n\r\n1,\"two\nlines\"\nold\rmac\r\n,");

        Assert.Equal(
            [(1, "id|a, \"b\""), (3, "1|two\nlines"), (5, "old"), (6, "mac"), (7, "|")],
            Csv.Read(reader, "t.csv").Select(r => (r.Line, string.Join('|', r.Fields))));
    }

    [Theory]
    [InlineData("1,2\n", "a",
        "t.csv:2: a row of more than 16,777,216 characters; end each row with a line break, or name another file")]
    [InlineData("1,2\n\"", "word\n",
        "t.csv:2: a row of more than 16,777,216 characters in a quote that is still open; close it, or name another file")]
    [InlineData("", "1,", "t.csv:1: a row of more than 65,536 fields; end each row with a line break, or name another file")]
    public void Read_RowWithoutEnd_IsRefusedAtTheBound(string start, string forEver, string message)
    {
        using var reader = new Endless(start, forEver);

        var e = Assert.Throws<InvalidDataException>(() => Csv.Read(reader, "t.csv").Count());

        Assert.Equal(message, e.Message);
        Assert.InRange(reader.Taken, 0, Csv.MaxRow + start.Length + 1);
    }

    [Fact]
    public void Read_LongRowsWithinTheBound_AreCountedOneByOne()
    {
        var row = new string('x', Csv.MaxRow / 2);
        using var reader = new StringReader($"{row}\n{row}\n{row}\n");

        Assert.Equal([row.Length, row.Length, row.Length], Csv.Read(reader, "t.csv").Select(r => r.Fields[0].Length));
    }

    /// <summary>A file of 200 MB that is one line of zeros, as a broken download or a disk image is.</summary>
    [Fact]
    public void Readers_FileOfOneLongLine_NameItAndItsCure()
    {
        using var folder = new TempFolder();
        var path = folder["long.csv"];
        using (var file = File.Create(path)) file.SetLength(200_000_000);
        Action[] readers =
        [
            () => Faces.Read(path), () => FerPlusVotes.Load(path), () => Split.Load(path), () => IdTable.Read(path, "reason"),
        ];

        foreach (var read in readers)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            var e = Assert.Throws<InvalidDataException>(read);
            Assert.StartsWith($"{path}:1: a row of more than 16,777,216 characters; end each row", e.Message,
                StringComparison.Ordinal);
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000_000);
        }
    }

    /// <summary>Text that goes on for ever, and counts what was taken of it.</summary>
    private sealed class Endless(string start, string forEver) : TextReader
    {
        public long Taken { get; private set; }

        public override int Peek() =>
            Taken < start.Length ? start[(int)Taken] : forEver[(int)((Taken - start.Length) % forEver.Length)];

        public override int Read()
        {
            var c = Peek();
            Taken++;
            return c;
        }
    }
}
