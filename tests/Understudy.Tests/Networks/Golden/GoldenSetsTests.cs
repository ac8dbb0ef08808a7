namespace Understudy.Tests.Networks.Golden;

public sealed class GoldenSetsTests
{
    [Fact]
    public void GoldenSets_Folder_HoldsSetsOfKnownFilesOnly()
    {
        var sets = GoldenSets.Sets();

        Assert.NotEmpty(sets);
        foreach (var set in sets)
        {
            var files = Directory.GetFiles(set, "*.safetensors").Select(f => Path.GetFileName(f)).ToList();
            Assert.NotEmpty(files);
            Assert.Empty(files.Except(GoldenSets.Files));
        }
    }
}
