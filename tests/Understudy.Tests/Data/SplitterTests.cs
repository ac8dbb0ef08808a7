using Understudy.Common;
using Understudy.Data;

namespace Understudy.Tests.Data;

public sealed class SplitterTests
{
    private static readonly SplitOptions Options = new(Seed: 3, Generator: .5, Judge: .2, Validation: .1, Holdout: .1, Test: .1);

    private static ImageSet Set(int count, Func<int, int> label, Func<int, string>? part = null) =>
        new(new(["a", "b", "c"]), new(1, 1, 1),
        [.. Enumerable.Range(0, count).Select(i => $"id{i}")], [.. Enumerable.Range(0, count).Select(label)], new byte[count],
        part is null ? null : [.. Enumerable.Range(0, count).Select(part)]);

    private static int Count(Split split, ImageSet set, Role role, int label) =>
        split.Indices(set, role).Count(i => set.Labels[i] == label);

    [Fact]
    public void Make_SharesHoldInEveryClass_ByLargestRemainder()
    {
        var set = Set(1000, i => i < 700 ? 0 : i < 990 ? 1 : 2);
        var split = Splitter.Make(set, Options);

        Assert.Equal([350, 140, 70, 70, 70], Enum.GetValues<Role>().Select(r => Count(split, set, r, 0)));
        Assert.Equal([145, 58, 29, 29, 29], Enum.GetValues<Role>().Select(r => Count(split, set, r, 1)));
        Assert.Equal([5, 2, 1, 1, 1], Enum.GetValues<Role>().Select(r => Count(split, set, r, 2)));
    }

    [Fact]
    public void LargestRemainder_OfFour_GivesTheRestToTheLargestFraction() =>
        Assert.Equal([2, 1, 1], Splitter.LargestRemainder(4, [.5, .3, .2]));

    [Fact]
    public void Make_OrderOfTheSet_DoesNotMatter_TheSeedDoes()
    {
        var set = Set(300, i => i % 3);
        string[] groups = [.. Enumerable.Range(0, 300).Select(i => i % 4 == 0 ? $"g{i % 40}" : "")];
        int[] order = new KeyedRandom(1).Permutation(300);

        Assert.Equal(Splitter.Make(set, Options, groups).Hash,
            Splitter.Make(set.Subset(order), Options, [.. order.Select(i => groups[i])]).Hash);
        Assert.NotEqual(Splitter.Make(set, Options).Hash, Splitter.Make(set, Options with { Seed = 4 }).Hash);
    }

    [Fact]
    public void Make_Groups_AreNeverTorn_AndSharesNearlyHold()
    {
        var r = new KeyedRandom(2);
        var set = Set(2000, i => i % 3);
        string[] groups = [.. Enumerable.Range(0, 2000).Select(i => r.Next(3) == 0 ? "" : $"person {r.Next(60)}")];
        var split = Splitter.Make(set, Options, groups);

        foreach (var g in groups.Index().Where(g => g.Item.Length > 0).GroupBy(g => g.Item))
            Assert.Single(g.Select(i => split[set.Ids[i.Index]]).Distinct());
        foreach (var role in Enum.GetValues<Role>())
            Assert.InRange(split.Indices(set, role).Length / 2000.0, Options.Share(role) - .02, Options.Share(role) + .02);
    }

    [Fact]
    public void Make_OfficialTestPart_IsTheTestRole_AndTheRestIsShared()
    {
        var set = Set(110, _ => 0, i => i < 100 ? "train" : "test");
        var split = Splitter.Make(set, new SplitOptions(Generator: .9, Validation: .1, Test: 0));

        Assert.Equal(Enumerable.Range(100, 10), split.Indices(set, Role.Test));
        Assert.Equal((90, 10), (split.Indices(set, Role.Generator).Length, split.Indices(set, Role.Validation).Length));
        Assert.NotEqual(Enumerable.Range(100, 10), Splitter.Make(set, new SplitOptions(UseParts: false)).Indices(set, Role.Test));
    }

    [Fact]
    public void Make_GroupThatReachesIntoTheTestPart_StaysTogetherOutsideIt()
    {
        var set = Set(110, _ => 0, i => i < 100 ? "train" : "test");
        var split = Splitter.Make(set, new SplitOptions(Generator: .5, Validation: .5, Test: 0),
            [.. Enumerable.Range(0, 110).Select(i => i % 10 == 5 ? "g" : "")]);

        Assert.Equal(Role.Test, split["id105"]);
        Assert.Single(Enumerable.Range(0, 10).Select(k => split[$"id{10 * k + 5}"]).Distinct());
    }

    [Fact]
    public void Make_RoleThatGetsNothing_SaysWhich() =>
        Assert.Contains("gets none of 3 images at a share of 0.1",
            Assert.Throws<InvalidDataException>(() => Splitter.Make(Set(3, _ => 0), Options)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(.5, .6, "sum to 1.1")]
    [InlineData(-.1, 1.1, "out of range")]
    public void Make_SharesThatAreNone_AreTheCallersMistake(double generator, double test, string message) =>
        Assert.Contains(message,
        Assert.Throws<OptionException>(() => Splitter.Make(Set(9, _ => 0), new(0, generator, 0, 0, 0, test))).Message,
            StringComparison.Ordinal);

    [Fact]
    public void Join_ChainsThroughTwoGroupings_HoldTogether()
    {
        var set = Set(6, _ => 0);
        Assert.Equal(["id0", "id0", "id0", "", "id4", "id4"],
            SplitGroups.Join(set, ["x", "x", "", "", "", ""], ["", "y", "y", "", "z", "z"]));
    }

    [Fact]
    public void FromCsv_JoinsById_AndNamesAnImageWithoutARow()
    {
        using var folder = new TempFolder();
        var set = Set(2, _ => 0);
        File.WriteAllText(folder["g.csv"], "age,person,id\n30,anna,id1\n31,bo,id0\n");
        Assert.Equal(["bo", "anna"], SplitGroups.FromCsv(folder["g.csv"], "person", set));
        Assert.Contains("id (or file) and session are needed",
            Assert.Throws<InvalidDataException>(() => SplitGroups.FromCsv(folder["g.csv"], "session", set)).Message,
                StringComparison.Ordinal);
        Assert.Contains("1 of 3 images has no row, the first 'id2'",
            Assert.Throws<InvalidDataException>(() => SplitGroups.FromCsv(folder["g.csv"], "person", Set(3, _ => 0))).Message,
                StringComparison.Ordinal);
    }

    [Fact]
    public void FromCsv_JoinsByFileName_AndTellsOfRowsThatAreNobodys()
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder["g.csv"], "file,person\ntrain/a/id1.jpg,anna\nid0.jpg,bo\ntrain/a/id7.jpg,cy\n");
        var said = new Sayings();
        Assert.Equal(["bo", "anna"], SplitGroups.FromCsv(folder["g.csv"], "person", Set(2, _ => 0), said));
        Assert.Equal([$"{folder["g.csv"]}: 1 of 3 rows belongs to no image, the first 'train/a/id7.jpg'"], said.Lines);
    }

    [Theory]
    [InlineData("", "is empty; the first line must name the columns id (or file) and person")]
    [InlineData("file,person\na,x\na,y\n", "'a,y' lacks a field, or its image stands twice")]
    [InlineData("file,person\nx/id0.png,x\ny/id0.png,y\n", "has no row, the first 'id0'; 2 of 2 rows belong to no image")]
    public void FromCsv_TableThatDoesNotFit_IsRefused(string text, string message)
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder["g.csv"], text);
        Assert.Contains(message,
            Assert.Throws<InvalidDataException>(() => SplitGroups.FromCsv(folder["g.csv"], "person", Set(1, _ => 0))).Message,
                StringComparison.Ordinal);
    }

    private sealed class Sayings : ProgressSink
    {
        public List<string> Lines { get; } = [];

        public override void Report(string task, double done, double total, string unit, string? note = null) { }

        public override void Say(string line) => Lines.Add(line);
    }
}
