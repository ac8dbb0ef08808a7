using Understudy.Common;
using Understudy.Data;
using Understudy.Studies;
using Understudy.Studies.Stages;

namespace Understudy.Tests.Studies;

/// <summary>Read, split, find copies, count votes: what a study's scorings come from, on a folder with planted copies.</summary>
public sealed class ScoringStagesTests : IDisposable
{
    private const string Yaml = """
        name: scored
        question: Does it count?
        data: { source: nowhere }
        split: { generator: 0.8, validation: 0.2, test: 0, keep_copies_together: true }
        arms: { real: { train_on: [real] } }
        classifiers: { net: { recipe: screening } }
        scoring: { deduplicated: true, ferplus: votes.csv }
        """;

    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    [Fact]
    public void Stages_PlantedCopiesAndVotes_AreFoundAndCounted()
    {
        // Ten training pictures and four test pictures of each of two classes; copies planted across and inside the parts.
        foreach (var (k, name) in new[] { "happy", "sad" }.Index())
        {
            for (int i = 0; i < 10; i++) Write($"train/{name}/Training_{name}{i}.png", (ulong)(100 * k + i));
            for (int i = 0; i < 4; i++) Write($"test/{name}/PublicTest_{name}{i}.png", (ulong)(100 * k + 50 + i));
        }
        Write("test/happy/PublicTest_happy0.png", 103);     // a picture of training, under the other label
        Write("train/sad/Training_twin.png", 5);            // a picture twice in training: one side of the split
        Write("test/sad/PublicTest_sad1.png", 152);         // a picture twice in test: one cluster
        File.WriteAllText(_temp["votes.csv"], "file,neutral,happiness,surprise,sadness,anger,disgust,fear,contempt,unknown,NF\n"
            + string.Concat(Enumerable.Range(0, 4)
                .Select(i =>
                    $"PublicTest_happy{i}.jpg,0,9,0,1,0,0,0,0,0,0\nPublicTest_sad{i}.jpg,{(i == 0 ? "0,9,0,1" : i == 1 ? "5,0,0,5" : "0,0,0,10")},0,0,0,0,0,0\n")));
        var plan = Plan.Make(StudyFile.Parse(Yaml, "scored.yaml", _temp["images"], [$"scoring.ferplus={_temp["votes.csv"]}"]), 0,
            InputContent.HashOf);
        string Do(string kind)
        {
            var stage = plan.Stages.Single(s => s.Kind == kind);
            var folder = new StageFolder(_temp["stages"], stage);
            folder.Work(StageKinds.Get(kind), 1, ProgressSink.None, default);
            return folder.Path;
        }

        var images = ImageSetFile.Load(Path.Combine(Do("data"), DataStage.Images));
        var split = Split.Load(Path.Combine(Do("split"), SplitStage.File));
        var copies = Do("copies");
        var votes = Path.Combine(Do("votes"), VotesStage.File);

        Assert.Equal(8, split.Indices(images, Role.Test).Length);
        Assert.Equal(split["Training_happy5"], split["Training_twin"]);
        var role = split["Training_sad3"].ToString().ToLowerInvariant();
        Assert.Equal($"id,reason\nPublicTest_happy0,exact copy in {role}\n",
            File.ReadAllText(Path.Combine(copies, CopiesStage.File)));
        Assert.Equal("id,group\nPublicTest_sad1,PublicTest_sad1\nPublicTest_sad2,PublicTest_sad1\n",
            File.ReadAllText(Path.Combine(copies, CopiesStage.Clusters)));
        Assert.Equal("""
            id,label,reason
            PublicTest_happy0,happy,
            PublicTest_happy1,happy,
            PublicTest_happy2,happy,
            PublicTest_happy3,happy,
            PublicTest_sad0,happy,
            PublicTest_sad1,,no answer has more than half of the votes
            PublicTest_sad2,sad,
            PublicTest_sad3,sad,

            """, File.ReadAllText(votes));
    }

    /// <summary>A picture of its own for each number.</summary>
    private void Write(string path, ulong picture)
    {
        var random = new KeyedRandom(picture, "picture");
        var file = _temp[Path.Combine("images", path)];
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllBytes(file,
            ImageCodec.EncodePng([.. Enumerable.Range(0, 16 * 16).Select(_ => (byte)random.Next(256))], new(1, 16, 16)));
    }
}
