using Understudy.Data;

namespace Understudy.Tests.Data;

public sealed class FerPlusVotesTests : IDisposable
{
    private const string Header = "file,neutral,happiness,surprise,sadness,anger,disgust,fear,contempt,unknown,NF\n";

    private static readonly string[] Classes = ["angry", "disgust", "fear", "happy", "neutral", "sad", "surprise"];

    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    [Theory]
    [InlineData("8,0,0,1,1,0,0,0,0,0", VoteRule.Majority, "neutral", null)]
    [InlineData("0,9,1,0,0,0,0,0,0,0", VoteRule.Majority, "happy", null)]
    [InlineData("0,0,0,0,6,0,4,0,0,0", VoteRule.Majority, "angry", null)]
    [InlineData("1,0,0,4,3,2,0,0,0,0", VoteRule.Majority, null, FerPlusVotes.NoMajority)]
    [InlineData("1,0,0,4,3,2,0,0,0,0", VoteRule.Plurality, "sad", null)]
    [InlineData("5,0,0,5,0,0,0,0,0,0", VoteRule.Majority, null, FerPlusVotes.NoMajority)]
    [InlineData("5,0,0,5,0,0,0,0,0,0", VoteRule.Plurality, null, FerPlusVotes.Tie)]
    [InlineData("5,0,0,3,1,0,0,0,0,0", VoteRule.Majority, "neutral", null)]     // nine votes
    [InlineData("0,0,0,0,0,0,0,0,0,0", VoteRule.Majority, null, FerPlusVotes.NoMajority)]
    [InlineData("0,0,0,0,0,0,0,0,0,0", VoteRule.Plurality, null, FerPlusVotes.Tie)]
    [InlineData("2,0,0,0,0,0,0,8,0,0", VoteRule.Majority, null, "voted contempt")]
    [InlineData("0,0,0,0,0,0,4,0,6,0", VoteRule.Majority, null, "voted unknown")]
    [InlineData("0,0,0,0,0,0,0,0,0,10", VoteRule.Plurality, null, "voted NF")]
    public void Label_Votes_AreCountedByTheRule(string votes, VoteRule rule, string? name, string? reason) =>
        Assert.Equal((name, reason),
            LabelOf(Load($"{Header}test/angry/PublicTest_1.jpg,{votes}\nother,9,0,0,0,0,0,0,0,0,0\n"), "test/fear/PublicTest_1",
                Classes, rule));

    [Fact]
    public void Label_TwoFilesOfOneName_AreToldApartByTheirFolders()
    {
        var votes = Load(Header
            + "other,9,0,0,0,0,0,0,0,0,0\ntrain/angry/1.jpg,0,0,0,0,9,0,0,0,0,0\ntrain/sad/1.jpg,0,0,0,9,0,0,0,0,0,0\n");

        Assert.Equal(("sad", (string?)null), LabelOf(votes, "train/sad/1", Classes));
        Assert.Equal((null, FerPlusVotes.Unvoted), LabelOf(votes, "1", Classes));
    }

    [Fact]
    public void Label_ImageWithoutVotes_HasNone() =>
        Assert.Equal((null, FerPlusVotes.Unvoted),
            LabelOf(Load(Header + "other,9,0,0,0,0,0,0,0,0,0\n"), "PublicTest_2", Classes));

    [Fact]
    public void Label_ClassesOfOtherNames_AreKnown()
    {
        var votes = Load(Header + "other,0,9,0,0,0,0,0,0,0,0\na.png,0,9,0,0,0,0,0,0,0,0\nb.png,0,0,0,0,0,0,0,7,0,0\n");

        Assert.Equal(("happiness", (string?)null), LabelOf(votes, "a", ["happiness", "contempt"]));
        Assert.Equal(("contempt", (string?)null), LabelOf(votes, "b", ["happiness", "contempt"]));
    }

    [Fact]
    public void Label_OtherDataSet_SaysWhatDoesNotMatch() => Assert.Equal(
        $"{_temp["votes.csv"]}: gives none of 1 images a label of [x]; its first image is 'a.png', theirs 'train/x/face-1'",
        Assert.Throws<InvalidDataException>(() =>
            Load(Header + "a.png,0,9,0,0,0,0,0,0,0,0\n").Label(["train/x/face-1"], ["x"])).Message);

    [Theory]
    [InlineData("", "is empty")]
    [InlineData("file,neutral\n", ":1: the columns are [file, neutral]; needed are file, neutral, happiness")]
    [InlineData(Header + "a.jpg,1,2\n", ":2: has 3 fields, needs 11")]
    [InlineData(Header + "a.jpg,1,0,0,0,x,0,0,0,0,0\n", ":2: 'x' is no number of votes")]
    [InlineData(Header + "a.jpg,1,0,0,0,0,0,0,0,0,0\na.jpg,1,0,0,0,0,0,0,0,0,0\n", ":3: 'a.jpg' stands twice")]
    public void Load_BadFile_NamesTheLine(string text, string says) =>
        Assert.Contains(says, Assert.Throws<InvalidDataException>(() => Load(text)).Message, StringComparison.Ordinal);

    /// <summary>Of one image among others, since a set of which none is labelled is refused.</summary>
    private static (string? Class, string? Reason) LabelOf(FerPlusVotes votes, string id, IReadOnlyList<string> classes,
        VoteRule rule = VoteRule.Majority)
    {
        var (labels, left) = votes.Label([id, "other"], classes, rule);
        return (labels.GetValueOrDefault(id), left.GetValueOrDefault(id));
    }

    private FerPlusVotes Load(string text)
    {
        File.WriteAllText(_temp["votes.csv"], text);
        return FerPlusVotes.Load(_temp["votes.csv"]);
    }
}
