using Understudy.Studies;

namespace Understudy.Tests.Studies;

public sealed class InputContentTests : IDisposable
{
    private readonly TempFolder _temp = new();

    public InputContentTests()
    {
        Directory.CreateDirectory(_temp["faces/happy"]);
        File.WriteAllText(_temp["faces/happy/1.png"], "1");
    }

    public void Dispose() => _temp.Dispose();

    /// <summary>Looking into a folder must not train everything anew.</summary>
    [Fact]
    public void HashOf_AFolder_IsOfWhatIsReadThere()
    {
        var before = InputContent.HashOf(_temp["faces"]);
        File.WriteAllText(_temp["faces/.DS_Store"], "x");
        File.WriteAllText(_temp["faces/happy/Thumbs.db"], "x");
        Assert.Equal(before, InputContent.HashOf(_temp["faces"]));
        File.WriteAllText(_temp["faces/happy/2.png"], "2");
        Assert.NotEqual(before, InputContent.HashOf(_temp["faces"]));
    }

    /// <summary>Which part it is, and the ids of its images, a Parquet file says by its name.</summary>
    [Fact]
    public void HashOf_AParquetFile_IsOfItsNameAsWell()
    {
        File.WriteAllText(_temp["test-0000.parquet"], "rows");
        var before = InputContent.HashOf(_temp["test-0000.parquet"]);
        File.Copy(_temp["test-0000.parquet"], _temp["faces.parquet"]);
        Assert.NotEqual(before, InputContent.HashOf(_temp["faces.parquet"]));
        File.Copy(_temp["test-0000.parquet"], _temp["a.zip"]);
        File.Copy(_temp["test-0000.parquet"], _temp["b.zip"]);
        Assert.Equal(InputContent.HashOf(_temp["a.zip"]), InputContent.HashOf(_temp["b.zip"]));
    }

    [Fact]
    public void RequireUnchanged_OtherContent_IsRefused()
    {
        var content = InputContent.HashOf(_temp["faces"]);
        InputContent.RequireUnchanged(_temp["faces"], content);
        File.WriteAllText(_temp["faces/happy/1.png"], "2");
        Assert.Equal($"{_temp["faces"]}: was changed while the study ran; run it again",
            Assert.Throws<InvalidDataException>(() => InputContent.RequireUnchanged(_temp["faces"], content)).Message);
    }
}
