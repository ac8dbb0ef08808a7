using Understudy.Data;

namespace Understudy.Tests.Data;

public sealed class FileNameJoinTests
{
    [Theory]
    [InlineData("a", "a")]
    [InlineData("a", "a.jpg")]
    [InlineData("a", "test/sad/a.JPEG")]
    [InlineData("a", @"C:\faces\sad\a.png")]
    [InlineData("sad/a", "test/sad/a.jpg")]
    [InlineData("test/sad/a", "sad/a.jpg")]
    [InlineData("sad/a.jpg", "a")]
    [InlineData("a.v2", "a.v2.jpg")]
    public void Rows_OneImageInOtherWords_IsJoined(string id, string key) =>
        Assert.Equal([0], new FileNameJoin([id], [key]).Rows);

    [Theory]
    [InlineData("a.v2", "a.v3")]
    [InlineData("a", "b")]
    [InlineData("a", "A")]
    public void Rows_AnotherImage_IsNot(string id, string key) => Assert.Equal([-1], new FileNameJoin([id], [key]).Rows);

    [Fact]
    public void Rows_NameThatIsSaidTwice_JoinsByFolderOrNotAtAll()
    {
        Assert.Equal([1, 0], new FileNameJoin(["sad/1", "happy/1"], ["happy/1.png", "sad/1.png"]).Rows);
        Assert.Equal([-1, -1], new FileNameJoin(["sad/1", "happy/1"], ["1.png"]).Rows);
        Assert.Equal([-1], new FileNameJoin(["1"], ["happy/1.png", "sad/1.png"]).Rows);
        // x/1 has its row; that y/1 and z/1 are then the only ones left of their name makes them no pair.
        Assert.Equal([0, -1], new FileNameJoin(["x/1", "y/1"], ["x/1.png", "z/1.png"]).Rows);
    }

    [Fact]
    public void Rows_NameAsItStands_GoesBeforeEveryOtherForm() =>
        Assert.Equal([1, 0], new FileNameJoin(["1", "1.png"], ["1.png", "1"]).Rows);

    [Fact]
    public void Remainder_SaysHowManyOfEachAndTheFirst()
    {
        Assert.Equal("2 of 3 images have no row, the first 'b'; 1 of 2 rows belongs to no image, the first 'z.jpg'",
            new FileNameJoin(["a", "b", "c"], ["z.jpg", "a.jpg"]).Remainder);
        Assert.Equal("", new FileNameJoin(["a"], ["a.jpg"]).Remainder);
    }
}
